from django.urls import path

from shop.books.views import books, differences

urlpatterns = [
    path("console/fulfilment/differences/", differences.differences, name="differences"),
    path("console/fulfilment/differences/compare/", differences.compare, name="differences_compare"),
    path("console/fulfilment/differences/<uuid:pk>/", differences.difference, name="difference"),
    path("console/books/", books.books, name="books"),
    path("console/books/file/", books.books_file, name="books_file"),
    path("console/books/compare/", books.books_compare, name="books_compare"),
]
