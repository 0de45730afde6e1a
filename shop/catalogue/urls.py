from django.urls import path

from shop.catalogue.views import administration, shop

urlpatterns = [
    path("shop/", shop.shop, name="shop"),
    path("shop/pictures/<uuid:pk>/<slug:size>.webp", shop.product_picture, name="product_picture"),
    path("shop/<slug:slug>/", shop.product, name="product"),
    path("console/fulfilment/stock/<uuid:pk>/", administration.fulfilment_stock, name="fulfilment_stock"),
    path("console/admin/catalogue/", administration.catalogue_list, name="catalogue"),
    path("console/admin/catalogue/new/", administration.product_new, name="catalogue_new"),
    path("console/admin/catalogue/<uuid:pk>/", administration.product_page, name="catalogue_product"),
    path("console/admin/catalogue/<uuid:pk>/change/", administration.product_change, name="catalogue_change"),
    path("console/admin/catalogue/<uuid:pk>/price/", administration.product_price, name="catalogue_price"),
    path("console/admin/catalogue/<uuid:pk>/stock/", administration.product_stock, name="catalogue_stock"),
    path("console/admin/catalogue/<uuid:pk>/discounts/", administration.product_discount, name="catalogue_discount"),
    path(
        "console/admin/catalogue/<uuid:pk>/discounts/<uuid:discount>/end/",
        administration.product_discount_end,
        name="catalogue_discount_end",
    ),
    path("console/admin/catalogue/<uuid:pk>/pictures/", administration.product_picture_add, name="catalogue_picture"),
    path(
        "console/admin/catalogue/<uuid:pk>/pictures/<uuid:picture>/remove/",
        administration.product_picture_remove,
        name="catalogue_picture_remove",
    ),
    path("console/admin/catalogue/<uuid:pk>/<slug:act>/", administration.product_act, name="catalogue_act"),
]
