from django.urls import path

from fusus_portal.demo import views

urlpatterns = [
    path("", views.start, name="demo"),
    path("as/<slug:role>/", views.sign_in_as, name="demo_sign_in_as"),
    path("signin/<str:token>/", views.sign_in, name="demo_sign_in"),
    path("mail/", views.mail_letters, name="demo_mail"),
    path("mail/<slug:name>/", views.mail_letter, name="demo_letter"),
    path("mail/<slug:name>/html/", views.mail_letter_html, name="demo_letter_html"),
    path("texts/", views.text_list, name="demo_texts"),
    path("texts/gateway/", views.text_gateway, name="demo_text_gateway"),
]
