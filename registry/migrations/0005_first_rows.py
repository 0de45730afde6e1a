"""The lists and the limits that an agency starts with. It edits them later."""

import uuid

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

# Crimes and emergencies, and nothing that is lawful.
CRIMES = [
    ("homicide", "Homicide", "Homicidio"),
    ("shooting", "Shooting", "Tiroteo"),
    ("robbery", "Robbery", "Robo con violencia"),
    ("aggravated-assault", "Aggravated assault", "Agresión con agravantes"),
    ("sexual-assault", "Sexual assault", "Agresión sexual"),
    ("kidnapping", "Kidnapping", "Secuestro"),
    ("burglary", "Burglary", "Robo en un edificio"),
    ("theft", "Theft", "Hurto"),
    ("theft-from-vehicle", "Theft from a vehicle", "Robo en un vehículo"),
    ("vehicle-theft", "Vehicle theft", "Robo de vehículo"),
    ("package-theft", "Package theft", "Robo de paquetes"),
    ("arson", "Arson", "Incendio provocado"),
    ("property-damage", "Property damage", "Daños a la propiedad"),
    ("hit-and-run", "Hit and run", "Choque y fuga"),
]
EMERGENCIES = [
    ("missing-person", "Missing person", "Persona desaparecida"),
    ("missing-child", "Missing child", "Menor desaparecido"),
    ("serious-crash", "Serious traffic crash", "Accidente de tráfico grave"),
    ("fire", "Fire", "Incendio"),
    ("explosion", "Explosion", "Explosión"),
    ("active-threat", "Active threat to life", "Amenaza activa contra la vida"),
]

PURPOSES = [
    ("Identify a vehicle", "Identificar un vehículo"),
    ("Identify a person involved in the offense", "Identificar a una persona implicada en el delito"),
    ("Find a missing person", "Encontrar a una persona desaparecida"),
    ("Find people in danger", "Encontrar a personas en peligro"),
    ("Find out which way somebody went", "Saber por dónde se fue alguien"),
    ("Reconstruct what happened and when", "Reconstruir qué pasó y cuándo"),
]

# How long footage is kept: names, years kept, least years, and for which types. The first is for all others.
CATEGORIES = [
    ("Standard", "Estándar", 3, 1, []),
    (
        "Violent crime",
        "Delito violento",
        10,
        3,
        ["shooting", "robbery", "aggravated-assault", "sexual-assault", "arson", "active-threat"],
    ),
    (
        "Homicide, kidnapping and missing people",
        "Homicidio, secuestro y personas desaparecidas",
        99,
        25,
        ["homicide", "kidnapping", "missing-person", "missing-child"],
    ),
]
STANDARD = uuid.UUID("6d1d2c52-3f0c-4a2e-9f6e-0c1f0a5f3b10")
YEAR = 365


def add_types(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the types of incidents, and write down what they are, so that the first change shows what was before."""
    alias = schema_editor.connection.alias
    incident_type, past = (
        apps.get_model("registry", "IncidentType"),
        apps.get_model("registry", "HistoricalIncidentType"),
    )
    added = incident_type.objects.using(alias).bulk_create(
        incident_type(code=code, name=name, name_es=name_es, emergency=emergency)
        for emergency, types in ((False, CRIMES), (True, EMERGENCIES))
        for code, name, name_es in types
    )
    past.objects.using(alias).bulk_create(
        past(
            id=now.id,
            code=now.code,
            name=now.name,
            name_es=now.name_es,
            emergency=now.emergency,
            history_date=timezone.now(),
            history_type="+",
        )
        for now in added
    )


def add_categories(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add how long footage is kept, and say for which types it is kept longer."""
    alias = schema_editor.connection.alias
    categories = apps.get_model("registry", "RetentionCategory").objects.using(alias)
    types = apps.get_model("registry", "IncidentType").objects.using(alias)
    for name, name_es, years, least, codes in CATEGORIES:
        standard = not codes
        category = categories.create(
            pk=STANDARD if standard else uuid.uuid4(),
            name=name,
            name_es=name_es,
            days=years * YEAR,
            floor_days=least * YEAR,
            is_standard=standard,
        )
        types.filter(code__in=codes).update(retention=category)


def add_purposes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add what a canvass may be for."""
    purpose = apps.get_model("registry", "CanvassPurpose")
    purpose.objects.using(schema_editor.connection.alias).bulk_create(
        purpose(name=name, name_es=name_es) for name, name_es in PURPOSES
    )


def begin_limits(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the row of limits with the portal's own, and the line of history that later changes are compared with."""
    alias = schema_editor.connection.alias
    row = apps.get_model("registry", "Limits").objects.using(alias).create()
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # noqa: SLF001
    past = apps.get_model("registry", "HistoricalLimits").objects.using(alias)
    past.create(history_type="+", history_date=timezone.now(), **columns)


class Migration(migrations.Migration):
    replaces = [
        ("registry", "0002_incident_types"),
        ("registry", "0007_limits"),
        ("registry", "0008_incident_types_and_numbers"),
        ("registry", "0011_canvass_in_full"),
        ("registry", "0013_retention"),
        ("registry", "0014_keeping"),
    ]
    dependencies = [("registry", "0004_footage")]
    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop)
        for begin in (add_types, add_categories, add_purposes, begin_limits)
    ]
