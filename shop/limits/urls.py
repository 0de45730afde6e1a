from django.urls import path

from shop.limits import views

urlpatterns = [
    path("console/admin/shop-limits/", views.shop_limits, name="shop_limits"),
    path("console/admin/shop-limits/history/", views.shop_limits_history, name="shop_limits_history"),
]
