from django.urls import path

from registry.imports import views

urlpatterns = [
    path("invited/<str:token>/", views.invited, name="invited"),
    path("invited/<str:token>/no/", views.invited_no, name="invited_no"),
    path("claim/<str:token>/", views.claim, name="claim"),
    path("claim/<str:token>/no/", views.claim_no, name="claim_no"),
    path("console/admin/imports/", views.import_list, name="import_list"),
    path("console/admin/imports/counts/", views.registry_counts, name="registry_counts"),
    path("console/admin/imports/<uuid:pk>/", views.import_batch, name="import_batch"),
    path("console/admin/imports/<uuid:pk>/columns/", views.import_columns, name="import_columns"),
    path("console/admin/imports/<uuid:pk>/progress/", views.import_progress, name="import_progress"),
    path("console/admin/imports/<uuid:pk>/start/", views.import_start, name="import_start"),
    path("console/admin/imports/<uuid:pk>/discard/", views.import_discard, name="import_discard"),
    path("console/admin/imports/<uuid:pk>/undo/", views.import_undo, name="import_undo"),
    path("console/admin/imports/<uuid:pk>/errors/", views.import_faults, name="import_faults"),
    path("console/admin/imports/<uuid:pk>/write/", views.import_write, name="import_write"),
    path("console/admin/exports/", views.registry_exports, name="registry_exports"),
    path("console/admin/exports/<uuid:pk>/approve/", views.export_approve, name="export_approve"),
    path("console/admin/exports/<uuid:pk>/cancel/", views.export_cancel, name="export_cancel"),
    path("console/admin/exports/<uuid:pk>/take/", views.export_take, name="export_take"),
]
