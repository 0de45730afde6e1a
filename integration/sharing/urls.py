from django.urls import path

from integration.sharing import views

urlpatterns = [
    path("profile/sharing/", views.own_sharing, name="own_sharing"),
    path("profile/sharing/pause/", views.pause, name="sharing_pause"),
    path("profile/sharing/resume/", views.resume, name="sharing_resume"),
    path("profile/sharing/history/", views.history, name="sharing_history"),
    path("profile/sharing/agreement/", views.sign, name="sharing_sign"),
    path("profile/sharing/agreement/<uuid:pk>/revoke/", views.revoke, name="sharing_revoke"),
    path("profile/sharing/agreement/<uuid:pk>/file/", views.paper, name="sharing_paper"),
    path("profile/sharing/agreement/<uuid:pk>/end/", views.end_paper, name="sharing_end_paper"),
    path("profile/sharing/<uuid:pk>/", views.rule, name="sharing_rule"),
    path("profile/sharing/<uuid:pk>/now/", views.share_now, name="share_now"),
    path("profile/sharing/<uuid:pk>/stop/", views.stop_sharing, name="stop_sharing"),
]
