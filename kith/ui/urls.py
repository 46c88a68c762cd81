"""Every address of the screens, each with its policy. One shape for all objects: /<slug>/, /<slug>/7/, /<slug>/7/<field>/edit/."""

from django.urls import URLPattern, URLResolver

from kith.objects.exchange.child import MAX_BYTES
from kith.threads.files import LARGEST

from .policy import ADMIN, ANYONE, Policy, route
from .screens import (
    account,
    addition,
    advanced,
    board,
    bulk,
    cell,
    command,
    day,
    exporting,
    fact,
    filing,
    filters,
    following,
    footer,
    form,
    home,
    importing,
    inbox,
    inputs,
    keyboard,
    label,
    listing,
    live,
    lookup,
    merging,
    month,
    record,
    runs,
    search,
    seeing,
    settings,
    sharing,
    starring,
    steps,
    talk,
    totals,
    trash,
    undoing,
    versions,
    views,
)
from .screens.doors import addresses as door_addresses
from .settings import AT as SETTINGS
from .settings import addresses as settings_addresses

GET_POST = ("GET", "POST")

urlpatterns: list[URLPattern | URLResolver] = [
    # The house itself.
    route("", home.home, "home", Policy()),
    route("keyboard/", keyboard.sheet, "keyboard", Policy()),
    route("favourites/", home.kept, "favourites", Policy(methods=GET_POST)),
    *door_addresses(),
    route("preferences/", account.preferences, "preferences", Policy(ANYONE, ("POST",))),
    route("search/", search.search, "search", Policy()),
    route("command/", command.results, "command", Policy()),
    route("calendar/", month.month, "calendar", Policy()),
    route("inbox/", inbox.show, "inbox", Policy()),
    route("inbox/do/", inbox.do, "inbox-do", Policy(methods=("POST",), audit="the user's own rows")),
    route("undo/", undoing.undo_cause, "undo", Policy(methods=("POST",), writes=True, audit="undone events")),
    route("star/", starring.star_it, "star", Policy(methods=("POST",))),
    # What others change, as it happens.
    route("live/", live.stream, "live", Policy()),
    # Work in the background.
    route("runs/<int:pk>/", runs.show, "run", Policy()),
    route("runs/<int:pk>/stop/", runs.stop_run, "run-stop", Policy(methods=("POST",))),
    # Settings: the list, and what rooms contribute.
    route("look/end/", seeing.end, "look-end", Policy(methods=("POST",), audit="access.look_ended")),
    route(SETTINGS, settings.index, "settings", Policy()),
    *settings_addresses(),
    # One object.
    route("<slug:slug>/", listing.show, "list", Policy(verb="view")),
    route("<slug:slug>/filter/", filters.editor, "filter", Policy(verb="view")),
    route("<slug:slug>/filter/all/", advanced.editor, "filter-all", Policy(verb="view")),
    route("<slug:slug>/fresh/", live.fresh, "fresh", Policy(verb="view")),
    route("<slug:slug>/sums/", footer.show, "sums", Policy(verb="view")),
    route("<slug:slug>/totals/", totals.show, "totals", Policy(verb="view")),
    route(
        "<slug:slug>/views/",
        views.index,
        "views",
        Policy(methods=GET_POST, verb="view", audit="view.shared; a private view is its owner's"),
    ),
    route(
        "<slug:slug>/views/<int:pk>/",
        views.one,
        "view",
        Policy(methods=GET_POST, verb="view", audit="view.shared, view.removed"),
    ),
    route("<slug:slug>/lookup/", filters.lookup, "lookup", Policy(verb="view")),
    route(
        "<slug:slug>/bulk/",
        bulk.bulk,
        "bulk",
        Policy(methods=GET_POST, verb="view", writes=True, audit="events of each record"),
    ),
    route(
        "<slug:slug>/merge/",
        merging.compare,
        "merge",
        Policy(methods=GET_POST, verb="view", writes=True, audit="record.merged"),
    ),
    route(
        "<slug:slug>/trash/",
        trash.show,
        "trash",
        Policy(methods=GET_POST, verb="view", writes=True, audit="restored events"),
    ),
    route(
        "<slug:slug>/new/",
        form.new,
        "new",
        Policy(methods=GET_POST, verb="create", writes=True, audit="created events"),
    ),
    route(
        "<slug:slug>/lookup/choose/",
        lookup.choose,
        "choose",
        Policy(methods=GET_POST, verb="view", writes=True, audit="created events"),
    ),
    route("<slug:slug>/inputs/<str:name>/", inputs.again, "inputs", Policy(methods=("POST",), verb="view")),
    route(
        "<slug:slug>/export/",
        exporting.download,
        "export",
        Policy(verb="export", audit="list.exported", tracker="audit", step_up=True, download=True),
    ),
    route(
        "<slug:slug>/import/",
        importing.start,
        "import",
        Policy(methods=GET_POST, verb="view", audit="the import's own row", upload=MAX_BYTES),
    ),
    route("<slug:slug>/import/<int:pk>/", importing.resume, "import-resume", Policy(verb="view")),
    route("<slug:slug>/import/<int:pk>/file/", importing.file, "import-file", Policy(methods=GET_POST, verb="view")),
    route(
        "<slug:slug>/import/<int:pk>/map/", importing.map_columns, "import-map", Policy(methods=GET_POST, verb="view")
    ),
    route(
        "<slug:slug>/import/<int:pk>/check/",
        importing.check_rows,
        "import-check",
        Policy(methods=GET_POST, verb="view", writes=True, audit="events of the run", tracker="trial"),
    ),
    route("<slug:slug>/import/<int:pk>/run/", importing.run, "import-run", Policy(methods=GET_POST, verb="view")),
    route("<slug:slug>/import/<int:pk>/report/", importing.report_of, "import-report", Policy(verb="view")),
    route("<slug:slug>/import/<int:pk>/errors/", importing.errors, "import-errors", Policy(verb="view")),
    route(
        "<slug:slug>/import/<int:pk>/undo/",
        importing.undo,
        "import-undo",
        Policy(methods=GET_POST, verb="view", writes=True, audit="undone events"),
    ),
    # The board: its cards, and how its columns look.
    route("<slug:slug>/board/cards/", board.cards, "board-cards", Policy(verb="view")),
    route(
        "<slug:slug>/board/<str:name>/look/",
        board.looks,
        "board-look",
        Policy(who=ADMIN, methods=GET_POST, verb="view", audit="options.looked"),
    ),
    route(
        "<slug:slug>/<int:pk>/move/",
        board.move,
        "move",
        Policy(methods=GET_POST, verb="view", writes=True, audit="changed events"),
    ),
    route(
        "<slug:slug>/<int:pk>/day/",
        day.move,
        "day",
        Policy(methods=GET_POST, verb="view", writes=True, audit="changed events"),
    ),
    # One record.
    route("<slug:slug>/<int:pk>/", record.show, "record", Policy(verb="view")),
    route("<slug:slug>/<int:pk>/peek/", record.peek, "peek", Policy(verb="view")),
    route("<slug:slug>/<int:pk>/facts/", record.facts, "facts", Policy(verb="view")),
    route("<slug:slug>/<int:pk>/story/", record.story, "story", Policy(verb="view")),
    route(
        "<slug:slug>/<int:pk>/history/",
        versions.history,
        "history",
        Policy(methods=GET_POST, verb="view", writes=True, audit="changed events"),
    ),
    route(
        "<slug:slug>/<int:pk>/next/",
        steps.step,
        "next",
        Policy(methods=GET_POST, verb="view", writes=True, audit="changed events"),
    ),
    route("<slug:slug>/<int:pk>/related/", record.related, "related", Policy(verb="view")),
    route(
        "<slug:slug>/<int:pk>/access/",
        sharing.access,
        "access",
        Policy(methods=GET_POST, verb="view", audit="record.shared and its like"),
    ),
    route(
        "<slug:slug>/<int:pk>/access/open/",
        sharing.open_closed,
        "access-open",
        Policy(who=ADMIN, methods=("POST",), verb="view", audit="record.private_opened", step_up=True),
    ),
    route(
        "<slug:slug>/<int:pk>/note/",
        talk.note,
        "note",
        Policy(methods=("POST",), verb="view", writes=True, audit="note.added"),
    ),
    route(
        "<slug:slug>/<int:pk>/notes/<int:note>/edit/",
        talk.change,
        "note-edit",
        Policy(methods=GET_POST, verb="view", writes=True, audit="note.changed"),
    ),
    route(
        "<slug:slug>/<int:pk>/notes/<int:note>/delete/",
        talk.remove,
        "note-delete",
        Policy(methods=("POST",), verb="view", writes=True, audit="note.removed"),
    ),
    route("<slug:slug>/<int:pk>/notes/<int:note>/past/", talk.past, "note-past", Policy(verb="view")),
    route("<slug:slug>/<int:pk>/suggest/", talk.suggest, "suggest", Policy(verb="view")),
    route(
        "<slug:slug>/<int:pk>/follow/",
        following.switch,
        "follow",
        Policy(methods=("POST",), verb="view", audit="the user's own row"),
    ),
    # Its files.
    route(
        "<slug:slug>/<int:pk>/files/",
        filing.upload,
        "files",
        Policy(methods=("POST",), verb="view", writes=True, audit="file.added", upload=LARGEST),
    ),
    route(
        "<slug:slug>/<int:pk>/files/<int:file>/",
        filing.show,
        "file",
        Policy(methods=GET_POST, verb="view", writes=True, audit="file.renamed"),
    ),
    route(
        "<slug:slug>/<int:pk>/files/<int:file>/delete/",
        filing.remove,
        "file-delete",
        Policy(methods=("POST",), verb="view", writes=True, audit="file.removed"),
    ),
    route(
        "<slug:slug>/<int:pk>/files/<int:file>/content/",
        filing.content,
        "file-content",
        Policy(verb="view", download=True),
    ),
    route("<slug:slug>/<int:pk>/files/<int:file>/picture/", filing.image, "file-picture", Policy(verb="view")),
    route(
        "<slug:slug>/<int:pk>/edit/",
        form.edit,
        "edit",
        Policy(methods=GET_POST, verb="view", writes=True, audit="changed events"),
    ),
    route(
        "<slug:slug>/<int:pk>/delete/",
        record.delete,
        "delete",
        Policy(methods=("POST",), verb="view", writes=True, audit="removed events"),
    ),
    route(
        "<slug:slug>/<int:pk>/restore/",
        record.back,
        "restore",
        Policy(methods=("POST",), verb="view", writes=True, audit="restored events"),
    ),
    route(
        "<slug:slug>/<int:pk>/do/<str:name>/",
        record.do,
        "do",
        Policy(methods=GET_POST, verb="view", writes=True, audit="events of the action"),
    ),
    route("<slug:slug>/<int:pk>/additions/<str:name>/", addition.show, "addition", Policy(verb="view")),
    route("<slug:slug>/<int:pk>/<str:name>/label/", label.show, "label", Policy(verb="view")),
    route(
        "<slug:slug>/<int:pk>/<str:name>/fact/",
        fact.edit,
        "fact",
        Policy(methods=GET_POST, verb="view", writes=True, audit="changed events"),
    ),
    route(
        "<slug:slug>/<int:pk>/<str:name>/edit/",
        cell.edit,
        "cell",
        Policy(methods=GET_POST, verb="view", writes=True, audit="changed events"),
    ),
]
