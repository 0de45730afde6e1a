from django.urls import path

from shop.books import views

urlpatterns = [
    path("console/fulfilment/differences/", views.differences, name="differences"),
    path("console/fulfilment/differences/compare/", views.compare, name="differences_compare"),
    path("console/fulfilment/differences/<uuid:pk>/", views.difference, name="difference"),
    path("console/books/", views.books, name="books"),
    path("console/books/file/", views.books_file, name="books_file"),
    path("console/books/compare/", views.books_compare, name="books_compare"),
]
