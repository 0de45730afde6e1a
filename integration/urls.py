"""Addresses of integration: a business's own pages, and the device API."""

from django.urls import path

from integration.views import device_api
from integration.views.public import agreements, sharing

urlpatterns = [
    path("profile/sharing/", sharing.own_sharing, name="own_sharing"),
    path("profile/sharing/pause/", sharing.pause, name="sharing_pause"),
    path("profile/sharing/resume/", sharing.resume, name="sharing_resume"),
    path("profile/sharing/history/", sharing.history, name="sharing_history"),
    path("profile/sharing/agreement/", agreements.sign, name="sharing_sign"),
    path("profile/sharing/agreement/<uuid:pk>/revoke/", agreements.revoke, name="sharing_revoke"),
    path("profile/sharing/agreement/<uuid:pk>/file/", agreements.paper, name="sharing_paper"),
    path("profile/sharing/agreement/<uuid:pk>/end/", agreements.end_paper, name="sharing_end_paper"),
    path("profile/sharing/<uuid:pk>/", sharing.rule, name="sharing_rule"),
    path("profile/sharing/<uuid:pk>/now/", sharing.share_now, name="share_now"),
    path("profile/sharing/<uuid:pk>/stop/", sharing.stop_sharing, name="stop_sharing"),
    path("core/v1/", device_api.device_api, name="device_api"),
    path("core/v1/<path:rest>", device_api.device_api, name="device_api_call"),
]
