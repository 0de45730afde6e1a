from django.urls import path

from registry.imports.views import exports, imported_people, imports

urlpatterns = [
    path("invited/<str:token>/", imported_people.invited, name="invited"),
    path("invited/<str:token>/no/", imported_people.invited_no, name="invited_no"),
    path("claim/<str:token>/", imported_people.claim, name="claim"),
    path("claim/<str:token>/no/", imported_people.claim_no, name="claim_no"),
    path("console/admin/imports/", imports.import_list, name="import_list"),
    path("console/admin/imports/counts/", imports.registry_counts, name="registry_counts"),
    path("console/admin/imports/<uuid:pk>/", imports.import_batch, name="import_batch"),
    path("console/admin/imports/<uuid:pk>/columns/", imports.import_columns, name="import_columns"),
    path("console/admin/imports/<uuid:pk>/progress/", imports.import_progress, name="import_progress"),
    path("console/admin/imports/<uuid:pk>/start/", imports.import_start, name="import_start"),
    path("console/admin/imports/<uuid:pk>/discard/", imports.import_discard, name="import_discard"),
    path("console/admin/imports/<uuid:pk>/undo/", imports.import_undo, name="import_undo"),
    path("console/admin/imports/<uuid:pk>/errors/", imports.import_faults, name="import_faults"),
    path("console/admin/imports/<uuid:pk>/write/", imports.import_write, name="import_write"),
    path("console/admin/exports/", exports.registry_exports, name="registry_exports"),
    path("console/admin/exports/<uuid:pk>/approve/", exports.export_approve, name="export_approve"),
    path("console/admin/exports/<uuid:pk>/cancel/", exports.export_cancel, name="export_cancel"),
    path("console/admin/exports/<uuid:pk>/take/", exports.export_take, name="export_take"),
]
