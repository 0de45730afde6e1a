from django.urls import path

from registry.letters.views import batches, letters

urlpatterns = [
    path("profile/places/<uuid:pk>/letter/", letters.letter_new, name="letter_new"),
    path("profile/places/code/", letters.place_code, name="place_code"),
    path("profile/places/code/<str:code>/", letters.place_code, name="place_code_scanned"),
    path("console/letters/", batches.letter_batches, name="letter_batches"),
    path("console/letters/<uuid:pk>/open/", batches.letter_batch_open, name="letter_batch_open"),
]
