"""Every address under /leads: which page or action it is, and which permission it needs."""

from __future__ import annotations

from starlette.routing import Route

from bot.inbox.leads import (
    bulk,
    changing,
    duplicates,
    edit,
    follow_up,
    new,
    notes,
    other_conversations,
    page,
    saved_views,
    status,
    visits,
)
from bot.inbox.leads import list as leads_list
from bot.inbox.web import page as endpoint

READ, WORK = "read leads", "work leads"

ROUTES = [
    Route("/leads", endpoint(leads_list.list_page, needs=READ)),
    Route("/leads/views", endpoint(saved_views.views_page, needs=READ)),
    Route("/leads/views", endpoint(saved_views.keep_view, needs=READ), methods=["POST"]),
    Route("/leads/views/{view}/rename", endpoint(saved_views.rename, needs=READ), methods=["POST"]),
    Route("/leads/views/{view}/delete", endpoint(saved_views.remove_view, needs=READ), methods=["POST"]),
    Route("/leads/bulk", endpoint(bulk.bulk_page, needs=WORK)),
    Route("/leads/bulk", endpoint(bulk.bulk, needs=WORK), methods=["POST"]),
    Route("/leads/undo/{batch}", endpoint(bulk.undo_batch, needs=WORK), methods=["POST"]),
    Route("/leads/new", endpoint(new.new, needs=WORK)),
    Route("/leads/new", endpoint(new.add, needs=WORK), methods=["POST"]),
    Route("/leads/{reference}", endpoint(page.show, needs=READ)),
    Route("/leads/{reference}/print", endpoint(page.print_page, needs=READ)),
    Route("/leads/{reference}/visit.ics", endpoint(visits.calendar, needs=READ)),
    Route("/leads/{reference}/edit", endpoint(edit.edit, needs=WORK)),
    Route("/leads/{reference}/edit", endpoint(edit.save, needs=WORK), methods=["POST"]),
    Route("/leads/{reference}/status", endpoint(status.set_status, needs=WORK), methods=["POST"]),
    Route("/leads/{reference}/visit/off", endpoint(visits.call_off, needs=WORK), methods=["POST"]),
    Route("/leads/{reference}/plan", endpoint(follow_up.plan, needs=WORK), methods=["POST"]),
    Route("/leads/{reference}/owner", endpoint(follow_up.own, needs=WORK), methods=["POST"]),
    Route("/leads/{reference}/unread", endpoint(follow_up.unread, needs=WORK), methods=["POST"]),
    Route("/leads/{reference}/note", endpoint(notes.note, needs=WORK), methods=["POST"]),
    Route("/leads/{reference}/beside/{link}", endpoint(other_conversations.settle_unconfirmed, needs=WORK), methods=["POST"]),
    Route("/leads/{reference}/undo/{change}", endpoint(changing.undo_change, needs=WORK), methods=["POST"]),
    Route("/leads/{reference}/duplicates", endpoint(duplicates.show_duplicates, needs=READ)),
    Route("/leads/{reference}/join", endpoint(duplicates.join_leads, needs=WORK), methods=["POST"]),
    Route("/leads/{reference}/part", endpoint(duplicates.part_leads, needs=WORK), methods=["POST"]),
]
