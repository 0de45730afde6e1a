from django.urls import path

from fusus_portal.demo.mail.views import letter, letter_html, letters
from fusus_portal.demo.sign_in.views import sign_in

urlpatterns = [
    path("signin/<str:token>/", sign_in, name="demo_sign_in"),
    path("mail/", letters, name="demo_mail"),
    path("mail/<slug:name>/", letter, name="demo_letter"),
    path("mail/<slug:name>/html/", letter_html, name="demo_letter_html"),
]
