from django.urls import path

from fusus_portal.oversight.review import views

urlpatterns = [
    path("transparency/weekly-review/", views.weekly_review, name="weekly_review"),
    path("console/audit/review/", views.review, name="review"),
    path("console/audit/review/weeks/<uuid:pk>/", views.review_week, name="review_week"),
    path("console/audit/review/weeks/<uuid:pk>/sign/", views.review_sign, name="review_sign"),
    path("console/audit/review/weeks/<uuid:pk>/paper/", views.review_paper, name="review_paper"),
    path("console/audit/review/weeks/<uuid:pk>/council/", views.review_council, name="review_council"),
    path("console/audit/review/cards/<uuid:pk>/", views.review_card, name="review_card"),
    path("console/audit/review/cards/<uuid:pk>/fine/", views.review_fine, name="review_fine"),
    path("console/audit/review/cards/<uuid:pk>/ask/", views.review_ask, name="review_ask"),
    path("console/audit/review/cards/<uuid:pk>/finding/", views.review_find, name="review_find"),
    path("console/audit/review/cards/<uuid:pk>/want/", views.review_want, name="review_want"),
    path("console/audit/review/cards/<uuid:pk>/explain/", views.review_explain, name="review_explain"),
    path("console/audit/review/findings/", views.review_findings, name="review_findings"),
    path("console/audit/review/findings/<uuid:pk>/", views.review_finding, name="review_finding"),
    path("console/questions/", views.review_questions, name="review_questions"),
    path("console/questions/<uuid:pk>/", views.review_question, name="review_question"),
    path("console/admin/review-address/", views.review_addresses, name="review_addresses"),
    path(
        "console/admin/review-address/<uuid:pk>/approve/", views.review_address_approve, name="review_address_approve"
    ),
    path("console/admin/review-address/<uuid:pk>/cancel/", views.review_address_cancel, name="review_address_cancel"),
]
