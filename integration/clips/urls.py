from django.urls import path

from integration.clips import views

urlpatterns = [
    path("profile/clips/", views.own_clips, name="own_clips"),
    path("profile/clips/<uuid:pk>/", views.own_clip, name="own_clip"),
    path("profile/clips/<uuid:pk>/stream/", views.own_clip_stream, name="own_clip_stream"),
    path("console/incidents/<uuid:pk>/clips/", views.incident_clips, name="incident_clips"),
    path("console/incidents/<uuid:pk>/clips/<uuid:camera>/", views.clip_ask, name="clip_ask"),
]
