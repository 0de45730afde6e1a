from django.urls import path

from shop.returns.views import acts, cases, deductions, returns

urlpatterns = [
    path("returns/", returns.returns, name="returns"),
    path("returns/terms/", returns.return_terms, name="return_terms"),
    path("returns/of/<uuid:pk>/", returns.return_request, name="return_request"),
    path("returns/<uuid:pk>/", returns.own_return, name="return"),
    path("returns/<uuid:pk>/sent/", returns.return_sent, name="return_sent"),
    path("returns/<uuid:pk>/keep/", returns.return_keep, name="return_keep"),
    path("returns/<uuid:pk>/pictures/<uuid:picture>/", returns.return_picture, name="return_picture"),
    path("console/admin/deductions/", deductions.deductions, name="deductions"),
    path("console/fulfilment/returns/", cases.returns_board, name="returns_board"),
    path("console/fulfilment/returns/open/", cases.return_open, name="return_open"),
    path("console/fulfilment/returns/<uuid:pk>/", cases.return_case, name="return_case"),
    path("console/fulfilment/returns/<uuid:pk>/inspect/", acts.return_inspect, name="return_inspect"),
    path("console/fulfilment/returns/<uuid:pk>/missing/", acts.return_missing, name="return_missing"),
    path("console/fulfilment/returns/<uuid:pk>/fill/<slug:act>/", acts.return_do, name="return_do"),
    path("console/fulfilment/returns/<uuid:pk>/press/<slug:act>/", acts.return_press, name="return_press"),
    path("console/refunds/returns/<uuid:pk>/", acts.return_pay, name="return_pay"),
    path(
        "console/fulfilment/returns/<uuid:pk>/pictures/<uuid:picture>/",
        cases.return_case_picture,
        name="return_case_picture",
    ),
]
