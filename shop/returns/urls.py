from django.urls import path

from shop.returns import views

urlpatterns = [
    path("returns/", views.returns, name="returns"),
    path("returns/terms/", views.return_terms, name="return_terms"),
    path("returns/of/<uuid:pk>/", views.return_request, name="return_request"),
    path("returns/<uuid:pk>/", views.own_return, name="return"),
    path("returns/<uuid:pk>/sent/", views.return_sent, name="return_sent"),
    path("returns/<uuid:pk>/keep/", views.return_keep, name="return_keep"),
    path("returns/<uuid:pk>/pictures/<uuid:picture>/", views.return_picture, name="return_picture"),
    path("console/admin/deductions/", views.deductions, name="deductions"),
    path("console/fulfilment/returns/", views.returns_board, name="returns_board"),
    path("console/fulfilment/returns/open/", views.return_open, name="return_open"),
    path("console/fulfilment/returns/<uuid:pk>/", views.return_case, name="return_case"),
    path("console/fulfilment/returns/<uuid:pk>/inspect/", views.return_inspect, name="return_inspect"),
    path("console/fulfilment/returns/<uuid:pk>/missing/", views.return_missing, name="return_missing"),
    path("console/fulfilment/returns/<uuid:pk>/fill/<slug:act>/", views.return_do, name="return_do"),
    path("console/fulfilment/returns/<uuid:pk>/press/<slug:act>/", views.return_press, name="return_press"),
    path("console/refunds/", views.refunds_waiting, name="refunds_waiting"),
    path("console/refunds/returns/<uuid:pk>/", views.return_pay, name="return_pay"),
    path(
        "console/fulfilment/returns/<uuid:pk>/pictures/<uuid:picture>/",
        views.return_case_picture,
        name="return_case_picture",
    ),
]
