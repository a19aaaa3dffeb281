/** News that come while the welcome is still on its way. They are newer than what it says, so they wait until it is known. */
export class EarlyNews {
  private waiting: (() => void)[] | null = []

  /** The listener, to whom nothing is told before the welcome. */
  after<News>(hear: (news: News) => void): (news: News) => void {
    return (news) => {
      if (this.waiting) this.waiting.push(() => { hear(news) })
      else hear(news)
    }
  }

  /** A connection is gone or begins: what waits belongs to none, and the next welcome says it. */
  restart(): void {
    this.waiting = []
  }

  welcomed(): void {
    const waiting = this.waiting ?? []
    this.waiting = null
    for (const hear of waiting) hear()
  }
}
