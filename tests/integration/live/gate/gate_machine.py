"""Anything that people, owners, clerks and the clock may do to a view, in any order."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from fusus_portal.ground.accounts.roles import Role
from integration.cores.services import cores
from integration.critical import services as critical
from integration.critical.models import Declaration
from integration.live.models import ViewGrant
from integration.live.services import views
from integration.live.video import decisions
from integration.live.video.connection import live
from integration.sharing import services as sharing
from registry.incidents.services import incidents
from registry.places.services import cameras
from tests.factories import incident_at, person
from tests.integration.critical.scenes import AGAIN, REASON, THIRD
from tests.integration.live.gate.gate_world import MINUTE, GateWorld, Seen
from tests.integration.sharing.consent import set_mode, signed

REASONS = (REASON, AGAIN, THIRD)
WHO = st.sampled_from(["first", "second"])


class GateMachine(GateWorld):
    """Everything that may happen around one camera, one incident and two people."""

    # --- supervisors ---

    @rule(reason=st.sampled_from(REASONS))
    def declare(self, reason: str) -> None:
        """Declare it critical."""
        made = self.tried(lambda: self.made.declare(reason=reason))
        if made:
            self.end_current()
            self.declared.append(self.of(made))

    @rule(reason=st.sampled_from(REASONS))
    def renew(self, reason: str) -> None:
        """Declare it again."""
        current = self.current()
        if current:
            declaration = Declaration.objects.get(pk=current["pk"])
            renew = critical.renew_declaration
            done = self.tried(lambda: renew(declaration=declaration, by=self.made.supervisor, reason=reason))
            if done:
                current["to"] = done.ends_at

    @rule()
    def end_declaration(self) -> None:
        """End it."""
        current = self.current()
        if current:
            declaration = Declaration.objects.get(pk=current["pk"])
            if self.tried(lambda: critical.end_declaration(declaration=declaration, by=self.made.supervisor)):
                current["state"] = "ended"

    @rule()
    def break_the_glass(self) -> None:
        """Declare it by two people, whether or not anybody verified it."""
        asked = self.tried(
            lambda: critical.ask_for_glass(incident=self.made.incident, by=self.people["first"], reason=REASON)
        )
        if asked:
            done = self.tried(lambda: critical.break_glass(declaration=asked, by=self.people["second"]))
            if done:
                self.end_current()
                self.declared.append(self.of(done))
            else:
                critical.decline_declaration(declaration=asked, by=self.people["first"])

    @rule()
    def break_another_glass(self) -> None:
        """Two others break the glass of an incident of their own, and reach for the same camera."""
        deputy = person(Role.DEPUTY)
        other = replace(self.made, deputy=deputy, incident=incident_at(by=deputy, verified=False))
        asked = critical.ask_for_glass(incident=other.incident, by=deputy, reason=REASON)
        critical.break_glass(declaration=asked, by=person(Role.DEPUTY))
        own = {each["pk"] for each in self.declared if each["glass"]}
        was_seen = any(
            (row.ended_at or row.ends_at) > self.moment() - timedelta(hours=24)
            for row in ViewGrant.objects.filter(declaration__in=own)
        )
        view = self.tried(other.view)
        assert not (view and (was_seen or self.seen_elsewhere() or not self.world.chosen))
        if view:
            self.elsewhere.append(view)

    @rule(minutes=st.integers(5, 50))
    def change_the_incident(self, minutes: int) -> None:
        """Say that it ended at another time."""
        incident = self.made.incident
        incident.refresh_from_db()
        changed = self.tried(
            lambda: incidents.change(
                incident=incident,
                by=self.made.supervisor,
                type=incident.type,
                place=incident.place,
                point=incident.point,
                starts_at=incident.starts_at,
                ends_at=incident.ends_at + minutes * MINUTE,
            )
        )
        if changed:
            self.world.verified = False
            self.end_current()

    @rule()
    def verify(self) -> None:
        """Verify it again."""
        if self.tried(lambda: incidents.verify(incident=self.made.incident, by=self.verifiers[0])):
            self.world.verified = True

    @precondition(lambda self: len(self.seen) > 1)
    @rule()
    def close(self) -> None:
        """Close the incident."""
        if self.tried(lambda: incidents.close(incident=self.made.incident, by=self.made.supervisor)):
            self.world.open = False
            self.end_current()

    @rule(who=WHO)
    def unassign(self, who: str) -> None:
        """Take somebody off it."""
        incidents.unassign(incident=self.made.incident, user=self.people[who], by=self.made.supervisor)
        self.world.assigned.discard(who)

    @rule(who=WHO)
    def assign(self, who: str) -> None:
        """Put them on it."""
        user, by = self.people[who], self.made.supervisor
        if self.tried(lambda: incidents.assign(incident=self.made.incident, user=user, by=by)):
            self.world.assigned.add(who)

    # --- viewers ---

    @rule(who=WHO, more=st.booleans(), reason=st.sampled_from(REASONS))
    def start(self, who: str, more: bool, reason: str) -> None:
        """Begin to see the camera."""
        used_up = self.used() >= self.allowed()
        view = self.tried(lambda: self.made.view(by=self.people[who], reason=reason, more=more))
        if view and view.pk not in {each.view.pk for each in self.seen}:
            self.world.extensions += int(more and used_up)
            self.seen.append(Seen(view, who))

    @precondition(lambda self: self.seen)
    @rule(which=st.integers(0, 3), reason=st.sampled_from(REASONS))
    def extend(self, which: int, reason: str) -> None:
        """Go on."""
        seen = self.seen[which % len(self.seen)]
        if self.tried(lambda: views.extend(grant=seen.view, by=self.people[seen.who], reason=reason)):
            self.world.extensions += 1

    @precondition(lambda self: self.seen)
    @rule(which=st.integers(0, 3))
    def stop(self, which: int) -> None:
        """End it oneself."""
        seen = self.seen[which % len(self.seen)]
        views.end(grant=seen.view, by=self.people[seen.who])
        seen.stopped = True

    # --- the owner, and clerks ---

    @rule()
    def pause(self) -> None:
        """Pause all sharing."""
        sharing.pause_sharing(registrant=self.made.registrant, by=self.made.owner)
        self.world.paused = True

    @rule()
    def resume(self) -> None:
        """End the pause."""
        sharing.resume_sharing(registrant=self.made.registrant, by=self.made.owner)
        self.world.paused = False

    @rule(mode=st.sampled_from(["incident", "never", "ask"]), glass=st.booleans())
    def rule_changes(self, mode: str, *, glass: bool) -> None:
        """Set another rule; broken glass is chosen only under an agreement."""
        set_mode(self.made.camera, mode, glass=glass and self.world.signed)
        self.world.chosen = glass and self.world.signed and mode != "never"
        if mode != self.world.mode:
            self.world.mode, self.world.shared_until = mode, None

    @rule()
    def share_now(self) -> None:
        """Share it for an hour."""
        if self.tried(lambda: sharing.share_now(camera=self.made.camera, by=self.made.owner, hours=1)):
            self.world.shared_until = self.moment() + 60 * MINUTE

    @rule()
    def registry_pause(self) -> None:
        """Pause the camera in the registry."""
        cameras.pause(camera=self.made.camera.camera, by=self.made.owner)
        self.world.camera_paused = True

    @rule()
    def registry_resume(self) -> None:
        """And end that."""
        cameras.resume(camera=self.made.camera.camera, by=self.made.owner)
        self.world.camera_paused = False

    @rule()
    def revoke(self) -> None:
        """Take the agreement back, or sign it."""
        if self.world.signed:
            agreement = self.made.registrant.sharing_agreements.get(revoked_at=None)
            sharing.revoke_agreement(agreement=agreement, by=self.made.owner)
            # Whoever takes it back stops what they share just now.
            self.world.shared_until = None
        else:
            signed(self.made.registrant)
        self.world.signed = not self.world.signed

    @rule()
    def suspend_or_resume(self) -> None:
        """Suspend the CORE, or put it to work."""
        core = self.made.camera.core
        working = self.world.core == "active"
        (cores.suspend if working else cores.resume)(core=core, by=person(Role.CLERK))
        self.world.core = "suspended" if working else "active"

    # --- the clock, and the tasks ---

    @rule(minutes=st.sampled_from([1, 7, 15, 29, 31, 90, 239, 241]))
    def time_passes(self, minutes: int) -> None:
        """Let time pass; the pages of all views go on asking."""
        self.now.shift(minutes * MINUTE)
        live().flushdb()
        for seen in self.seen:
            decisions.note_asked(live(), seen.view.pk)

    @rule()
    def tasks_run(self) -> None:
        """Run what the worker does."""
        critical.end_due_declarations()
        views.sweep()
        for each in self.declared:
            each["state"] = "ended" if self.moment() >= each["to"] else each["state"]
