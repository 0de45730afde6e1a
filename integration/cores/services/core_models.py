from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from integration.cores import policies
from integration.cores.models import CoreModel


def add(*, by: User, name: str, name_es: str = "", cameras_supported: int) -> CoreModel:
    """Add a kind of CORE. Raises ValidationError by field, Refused unless `by` is an administrator."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        model = CoreModel(
            name=policies.check_model_name(name),
            name_es=policies.check_spanish_name(name_es),
            cameras_supported=policies.check_camera_count(cameras_supported),
        )
        model.save(force_insert=True)
        _record(Event.CORE_MODEL_ADDED, model, by)
    return model


def change(*, model: CoreModel, by: User, name: str, name_es: str = "", cameras_supported: int) -> CoreModel:
    """Change a kind, which holds for all its COREs at once. Raises as `add`."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        locked = _locked(model)
        wanted = (
            policies.check_model_name(name, but=locked),
            policies.check_spanish_name(name_es),
            policies.check_camera_count(cameras_supported, model=locked),
        )
        if wanted == (locked.name, locked.name_es, locked.cameras_supported):
            return locked
        locked.name, locked.name_es, locked.cameras_supported = wanted
        locked.save()
        _record(Event.CORE_MODEL_CHANGED, locked, by)
    return locked


def retire(*, model: CoreModel, by: User) -> CoreModel:
    """Receive no more of a kind; its COREs stay. Doing it twice has one effect."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        locked = _locked(model)
        if locked.retired_at is None:
            locked.retired_at = timezone.now()
            locked.save()
            _record(Event.CORE_MODEL_RETIRED, locked, by)
    return locked


def _locked(model: CoreModel) -> CoreModel:
    return CoreModel.objects.select_for_update(no_key=True).get(pk=model.pk)


def _record(event: Event, model: CoreModel, by: User) -> None:
    facts: dict[str, int | str] = {"name": model.name, "name_es": model.name_es, "cameras": model.cameras_supported}
    record(event=event, actor=by.actor, subject=model.subject, facts=facts)
