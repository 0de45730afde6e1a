from django.urls import path

from registry.people.views import departures, profile, registration

urlpatterns = [
    path("register/", registration.start, name="register"),
    path("register/start-over/", registration.restart, name="register_restart"),
    path("register/you/", registration.you, name="register_you"),
    path("register/place/", registration.place, name="register_place"),
    path("register/pin/", registration.pin, name="register_pin"),
    path("register/cameras/", registration.cameras, name="register_cameras"),
    path("register/check/", registration.check, name="register_check"),
    path("profile/", profile.profile, name="profile"),
    path("profile/account/", profile.account, name="profile_account"),
    path("profile/contact/", profile.contact, name="contact"),
    path("profile/texts/", profile.texts, name="texts"),
    path("profile/texts/number/", profile.texts_number, name="texts_number"),
    path("profile/texts/again/", profile.texts_again, name="texts_again"),
    path("profile/texts/choose/", profile.texts_choose, name="texts_choose"),
    path("profile/texts/off/", profile.texts_off, name="texts_off"),
    path("profile/history/", profile.history, name="history"),
    path("profile/places/<uuid:pk>/remove/", departures.place_remove, name="premises_remove"),
    path("profile/places/<uuid:pk>/move/", departures.move_address, name="premises_move"),
    path("profile/places/<uuid:pk>/move/pin/", departures.move_pin, name="premises_move_pin"),
    path("profile/places/<uuid:pk>/move/check/", departures.move_check, name="premises_move_check"),
    path("profile/places/<uuid:pk>/move/away/", departures.move_away, name="premises_move_away"),
    path("profile/moved/", departures.moved, name="moved"),
    path("profile/export/", departures.export, name="export_data"),
    path("profile/agree/", profile.agree, name="agree"),
    path("profile/leave/", departures.leave, name="leave"),
    path("profile/left/", departures.left, name="left"),
]
