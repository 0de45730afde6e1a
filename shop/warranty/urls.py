from django.urls import path

from shop.warranty.views import cases, claims

urlpatterns = [
    path("profile/devices/<uuid:pk>/problem/", claims.device_problem, name="device_problem"),
    path("claims/<uuid:pk>/", claims.claim, name="warranty_claim"),
    path("claims/<uuid:pk>/pictures/<uuid:picture>/", claims.claim_picture, name="warranty_claim_picture"),
    path("console/fulfilment/claims/", cases.claims_board, name="claims_board"),
    path("console/fulfilment/claims/<uuid:pk>/", cases.claim_case, name="claim_case"),
    path("console/fulfilment/claims/<uuid:pk>/approve/", cases.claim_approve, name="claim_approve"),
    path("console/fulfilment/claims/<uuid:pk>/replace/", cases.claim_replace, name="claim_replace"),
    path("console/fulfilment/claims/<uuid:pk>/charge/", cases.claim_charge, name="claim_charge"),
    path("console/fulfilment/claims/<uuid:pk>/do/<slug:act>/", cases.claim_do, name="claim_do"),
    path(
        "console/fulfilment/claims/<uuid:pk>/pictures/<uuid:picture>/",
        cases.claim_case_picture,
        name="claim_case_picture",
    ),
]
