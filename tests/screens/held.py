"""What is on its way between the page and the server, and waits there for as long as a story wants."""

from __future__ import annotations

from typing import Any

#: So many pictures of a page are a quarter of a minute, and nothing that is sent takes that long to leave.
FRAMES = 1_000


class Held:
    """What is sent to an address: it waits before it arrives or, when the story says so, its answer waits on the way back.

    A page shows what a press does before it has sent anything, so a story that goes on at once waits for the request first.
    """

    def __init__(self, page: Any, address: Any, method: str = "POST"):
        self.page, self.method, self.over = page, method, False
        self.routes: list[Any] = []
        self.answers: list[tuple[Any, Any]] = []
        page.route(address, self._take)

    def _take(self, route: Any) -> None:
        if self.over or route.request.method != self.method:
            route.fallback()
        else:
            self.routes.append(route)

    def sent(self) -> None:
        """Until the page has sent it."""
        for _ in range(FRAMES):
            if self.routes:
                return
            self.page.evaluate("() => new Promise(requestAnimationFrame)")
        raise AssertionError(f"The page sent nothing to what is held, by {self.method}.")

    def answered(self) -> None:
        """Until the server has answered, and the answers have not come: what was read stays as old as it was then."""
        self.sent()
        self.answers += [(route, route.fetch()) for route in self.routes[len(self.answers) :]]

    def go_on(self) -> None:
        """Let all of it arrive, and hold no more."""
        self.sent()
        self.over = True
        for route, answer in self.answers:
            route.fulfill(response=answer)
        for route in self.routes[len(self.answers) :]:
            route.continue_()

    def fail(self) -> None:
        """Let it go nowhere; what follows arrives."""
        self.sent()
        self.over = True
        for route in self.routes:
            route.abort()
