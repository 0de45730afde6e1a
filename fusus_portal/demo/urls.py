from django.urls import path

from fusus_portal.demo.views import (
    mail_letter,
    mail_letter_html,
    mail_letters,
    sign_in,
    sign_in_as,
    start,
    text_gateway,
    text_list,
)

urlpatterns = [
    path("", start, name="demo"),
    path("as/<slug:role>/", sign_in_as, name="demo_sign_in_as"),
    path("signin/<str:token>/", sign_in, name="demo_sign_in"),
    path("mail/", mail_letters, name="demo_mail"),
    path("mail/<slug:name>/", mail_letter, name="demo_letter"),
    path("mail/<slug:name>/html/", mail_letter_html, name="demo_letter_html"),
    path("texts/", text_list, name="demo_texts"),
    path("texts/gateway/", text_gateway, name="demo_text_gateway"),
]
