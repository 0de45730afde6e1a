from django.urls import path

from shop.warranty import views

urlpatterns = [
    path("profile/devices/<uuid:pk>/problem/", views.device_problem, name="device_problem"),
    path("claims/<uuid:pk>/", views.claim, name="warranty_claim"),
    path("claims/<uuid:pk>/pictures/<uuid:picture>/", views.claim_picture, name="warranty_claim_picture"),
    path("console/fulfilment/claims/", views.claims_board, name="claims_board"),
    path("console/fulfilment/claims/<uuid:pk>/", views.claim_case, name="claim_case"),
    path("console/fulfilment/claims/<uuid:pk>/approve/", views.claim_approve, name="claim_approve"),
    path("console/fulfilment/claims/<uuid:pk>/replace/", views.claim_replace, name="claim_replace"),
    path("console/fulfilment/claims/<uuid:pk>/charge/", views.claim_charge, name="claim_charge"),
    path("console/fulfilment/claims/<uuid:pk>/do/<slug:act>/", views.claim_do, name="claim_do"),
    path(
        "console/fulfilment/claims/<uuid:pk>/pictures/<uuid:picture>/",
        views.claim_case_picture,
        name="claim_case_picture",
    ),
]
