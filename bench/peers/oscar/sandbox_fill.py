"""Let the shop sell so many products, each with a price, a picture and stock; print their addresses as JSON."""

import io
import json
import sys

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.urls import reverse  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402
from PIL import Image  # noqa: E402

Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
ProductImage = get_model("catalogue", "ProductImage")
Category = get_model("catalogue", "Category")
Partner = get_model("partner", "Partner")
StockRecord = get_model("partner", "StockRecord")

TEXT = "It is made for a place where it is hot in summer. " * 12


def fill(size: int) -> None:
    kind, _made = ProductClass.objects.get_or_create(name="Things")
    partner, _made = Partner.objects.get_or_create(name="Office")
    category = Category.objects.first() or Category.add_root(name="All things")
    picture = io.BytesIO()
    Image.new("RGB", (1200, 900), "navy").save(picture, "JPEG")
    for number in range(Product.objects.count(), size):
        product = Product.objects.create(product_class=kind, title=f"Thing {number}", description=TEXT)
        product.categories.add(category)
        StockRecord.objects.create(
            product=product, partner=partner, partner_sku=f"T-{number}", price=10 + number, num_in_stock=1_000
        )
        image = ProductImage(product=product, display_order=0)
        image.original.save(f"thing-{number}.jpg", ContentFile(picture.getvalue()))


fill(int(sys.argv[1]))
call_command("rebuild_index", interactive=False, verbosity=0)
known = list(Product.objects.order_by("pk")[:10])
addresses = {
    "shelf": reverse("catalogue:index"),
    "pages": [each.get_absolute_url() for each in known],
    "adds": [reverse("basket:add", args=[each.pk]) for each in known],
}
sys.stdout.write(json.dumps(addresses))
