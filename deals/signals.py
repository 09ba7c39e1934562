"""News for the apps above, sent inside the transaction of the change."""

from django.dispatch import Signal

# Before a deal's row is locked; whoever writes both sides locks the referral first. kwargs: deal
deal_advancing = Signal()
# After status or stage changed and the event row exists. kwargs: deal, event, actor
deal_advanced = Signal()
# What the other party may see of a deal changed (team). kwargs: deal
deal_team_changed = Signal()
# After events were written, of one or many deals. kwargs: events
events_recorded = Signal()
