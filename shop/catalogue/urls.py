from django.urls import path

from shop.catalogue import views

urlpatterns = [
    path("shop/", views.shop, name="shop"),
    path("shop/pictures/<uuid:pk>/<slug:size>.webp", views.product_picture, name="product_picture"),
    path("shop/<slug:slug>/", views.product, name="product"),
    path("console/fulfilment/stock/<uuid:pk>/", views.fulfilment_stock, name="fulfilment_stock"),
    path("console/admin/catalogue/", views.catalogue_list, name="catalogue"),
    path("console/admin/catalogue/new/", views.product_new, name="catalogue_new"),
    path("console/admin/catalogue/<uuid:pk>/", views.product_admin, name="catalogue_product"),
    path("console/admin/catalogue/<uuid:pk>/change/", views.product_change, name="catalogue_change"),
    path("console/admin/catalogue/<uuid:pk>/price/", views.product_price, name="catalogue_price"),
    path("console/admin/catalogue/<uuid:pk>/stock/", views.product_stock, name="catalogue_stock"),
    path("console/admin/catalogue/<uuid:pk>/discounts/", views.product_discount, name="catalogue_discount"),
    path(
        "console/admin/catalogue/<uuid:pk>/discounts/<uuid:discount>/end/",
        views.product_discount_end,
        name="catalogue_discount_end",
    ),
    path("console/admin/catalogue/<uuid:pk>/pictures/", views.product_picture_add, name="catalogue_picture"),
    path(
        "console/admin/catalogue/<uuid:pk>/pictures/<uuid:picture>/remove/",
        views.product_picture_remove,
        name="catalogue_picture_remove",
    ),
    path("console/admin/catalogue/<uuid:pk>/<slug:act>/", views.product_act, name="catalogue_act"),
]
