"""Addresses of the demo, below `/demo/`; in no production settings."""

from django.urls import path

from fusus_portal.demo import mail_views, views

urlpatterns = [
    path("signin/<str:token>/", views.sign_in, name="demo_sign_in"),
    path("mail/", mail_views.letters, name="demo_mail"),
    path("mail/<slug:name>/", mail_views.letter, name="demo_letter"),
    path("mail/<slug:name>/html/", mail_views.letter_html, name="demo_letter_html"),
]
