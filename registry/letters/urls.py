from django.urls import path

from registry.letters import views

urlpatterns = [
    path("profile/places/<uuid:pk>/letter/", views.letter_new, name="letter_new"),
    path("profile/places/code/", views.place_code, name="place_code"),
    path("profile/places/code/<str:code>/", views.place_code, name="place_code_scanned"),
    path("console/letters/", views.letter_batches, name="letter_batches"),
    path("console/letters/<uuid:pk>/open/", views.letter_batch_open, name="letter_batch_open"),
]
