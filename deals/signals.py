"""News for the apps above, sent inside the transaction of the change."""

from django.dispatch import Signal

# Before a deal's row is locked for a change that the other side sees: time to lock what goes first.
# kwargs: deal
deal_locking = Signal()
# After status or stage changed and the event row exists. kwargs: deal, event, actor
deal_advanced = Signal()
# What the other party may see of a deal changed (team). kwargs: deal
deal_team_changed = Signal()
# After events were written, of one or many deals. kwargs: events
events_recorded = Signal()
# After a registration moved and its step is written; the other side's history is to have it.
# kwargs: registration, kind, data
registration_moved = Signal()
