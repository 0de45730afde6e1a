from celery import shared_task

from registry.places.services import cameras

sweep_snapshots = shared_task(name=cameras.SNAPSHOT_SWEEPER)(cameras.sweep_snapshots)
