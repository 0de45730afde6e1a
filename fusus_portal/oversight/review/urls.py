from django.urls import path

from fusus_portal.oversight.review.views import addresses, findings, public, questions, queue

urlpatterns = [
    path("transparency/weekly-review/", public.weekly_review, name="weekly_review"),
    path("console/audit/review/", queue.review, name="review"),
    path("console/audit/review/weeks/<uuid:pk>/", queue.review_week, name="review_week"),
    path("console/audit/review/weeks/<uuid:pk>/sign/", queue.review_sign, name="review_sign"),
    path("console/audit/review/weeks/<uuid:pk>/paper/", queue.review_paper, name="review_paper"),
    path("console/audit/review/cards/<uuid:pk>/", queue.review_card, name="review_card"),
    path("console/audit/review/cards/<uuid:pk>/fine/", queue.review_fine, name="review_fine"),
    path("console/audit/review/cards/<uuid:pk>/ask/", queue.review_ask, name="review_ask"),
    path("console/audit/review/cards/<uuid:pk>/finding/", queue.review_find, name="review_find"),
    path("console/audit/review/findings/", findings.review_findings, name="review_findings"),
    path("console/audit/review/findings/<uuid:pk>/", findings.review_finding, name="review_finding"),
    path("console/questions/", questions.review_questions, name="review_questions"),
    path("console/questions/<uuid:pk>/", questions.review_question, name="review_question"),
    path("console/admin/review-address/", addresses.review_addresses, name="review_addresses"),
    path(
        "console/admin/review-address/<uuid:pk>/approve/",
        addresses.review_address_approve,
        name="review_address_approve",
    ),
    path(
        "console/admin/review-address/<uuid:pk>/cancel/",
        addresses.review_address_cancel,
        name="review_address_cancel",
    ),
]
