// The scrolling view: what one reads does not move when messages come or go around it.

const NEAR_END_PX = 60;

export class View {
  #scroll;
  #list;
  #isStuck = true;
  /** Whether the list ends with the newest message: only then its end is worth following. */
  isTail = true;

  /** `list` holds the messages within `scroll`. */
  constructor(scroll, list, onScroll) {
    this.#scroll = scroll;
    this.#list = list;
    scroll.addEventListener("scroll", () => ((this.#isStuck = this.#isNearEnd()), onScroll()), { passive: true });
    // A growing message field, a keyboard that opens, a font that arrives: who was at the end stays there.
    const observer = new ResizeObserver(() => this.isAtEnd && this.#jump());
    for (const box of [scroll, ...scroll.children]) observer.observe(box);
  }

  /** Whether one reads the end, and follows what comes. */
  get isAtEnd() {
    return this.#isStuck && this.isTail;
  }

  get toTop() {
    return this.#scroll.scrollTop;
  }

  get toBottom() {
    return this.#scroll.scrollHeight - this.#scroll.scrollTop - this.#scroll.clientHeight;
  }

  toEnd() {
    this.#isStuck = true;
    this.#jump();
  }

  /** Puts an element near the top of the view, unless what follows does not fill it. */
  showAt(element) {
    const top = element.getBoundingClientRect().top - this.#scroll.getBoundingClientRect().top;
    this.#scroll.scrollTop += top - 64;
    this.#isStuck = this.#isNearEnd();
  }

  /** Does `work`, which may add and take off messages, and leaves what is read where it is. */
  keep(work) {
    if (this.isAtEnd) {
      work();
      return this.#jump();
    }
    const anchors = this.#visible();
    // The lower edge: a message that begins a run loses the name above it when an earlier one of the run arrives.
    const before = anchors.map((anchor) => anchor.getBoundingClientRect().bottom);
    work();
    // The first of them that is still there; a message that left the window cannot be kept in its place.
    const at = anchors.findIndex((anchor) => anchor.isConnected);
    if (at >= 0) this.#scroll.scrollTop += anchors[at].getBoundingClientRect().bottom - before[at];
    this.#isStuck = this.#isNearEnd();
  }

  /** The last message that is in the view, at least with its beginning. */
  lastVisible() {
    const end = this.#scroll.getBoundingClientRect().bottom;
    for (let drawn = this.#list.lastElementChild; drawn; drawn = drawn.previousElementSibling) {
      if (drawn.dataset.seq && drawn.getBoundingClientRect().top < end - 16) return Number(drawn.dataset.seq);
    }
    return 0;
  }

  #visible() {
    const { top, bottom } = this.#scroll.getBoundingClientRect();
    return [...this.#list.querySelectorAll("[data-seq]")].filter((drawn) => {
      const box = drawn.getBoundingClientRect();
      return box.bottom > top && box.top < bottom;
    });
  }

  #jump() {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  #isNearEnd() {
    return this.toBottom < NEAR_END_PX;
  }
}
