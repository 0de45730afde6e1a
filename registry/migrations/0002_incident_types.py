"""The list that an agency starts with: crimes and emergencies, and nothing that is lawful."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

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


def add_types(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the types; the agency edits them later."""
    incident_type = apps.get_model("registry", "IncidentType")
    incident_type.objects.using(schema_editor.connection.alias).bulk_create(
        incident_type(code=code, name=name, name_es=name_es, emergency=emergency)
        for emergency, types in ((False, CRIMES), (True, EMERGENCIES))
        for code, name, name_es in types
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_registry")]
    operations = [migrations.RunPython(add_types, migrations.RunPython.noop)]
