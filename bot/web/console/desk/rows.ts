import { computed, ref, shallowRef } from 'vue'
import type { Api } from '../api'
import type { Counts, Row, RowPage, View } from '../protocol'
import { arranged } from './sorting'

/** The conversations at the desk. The queue and one's own are always known, whatever is looked at: alerts need them. */
export class Rows {
  readonly view = ref<View>('queue')
  readonly counts = ref<Counts>({ queue: 0, mine: 0, all: 0 })
  readonly loading = ref(false)
  readonly failed = ref(false)
  readonly known = shallowRef<ReadonlyMap<string, Row>>(new Map())
  readonly list = computed(() => arranged(this.known.value.values(), this.view.value, this.me.value))
  readonly me = ref<number | null>(null)
  readonly next = ref<string | null>(null)
  /** The service's time, as a page told it. */
  onTime: (instant: string) => void = () => undefined
  #news: Map<string, Row | null> | null = null // what was told while a page was under way is newer than the page
  #run = 0

  constructor(readonly api: Api) {}

  async show(view: View): Promise<void> {
    this.view.value = view
    await this.refresh()
  }

  /** Fetches everything anew: at the start, after a broken connection, for another view. */
  async refresh(): Promise<void> {
    const run = ++this.#run
    const shown = this.view.value
    const views = [...new Set<View>(['queue', 'mine', shown])]
    this.loading.value = true
    this.#news = new Map()
    try {
      const pages = await Promise.all(views.map((view) => this.api.rows(view)))
      if (run !== this.#run) return
      this.failed.value = false
      const rows = new Map(pages.flatMap(({ items }) => items).map((row) => [row.id, row]))
      for (const [id, row] of this.#news) put(rows, id, row)
      this.known.value = rows
      const page = pages[views.indexOf(shown)]
      if (page) this.#take(page)
    } catch {
      if (run === this.#run) this.failed.value = true
    } finally {
      if (run === this.#run) {
        this.loading.value = false
        this.#news = null
      }
    }
  }

  async loadMore(): Promise<void> {
    const run = this.#run
    if (this.next.value === null || this.loading.value) return
    this.loading.value = true
    try {
      const page = await this.api.rows(this.view.value, this.next.value)
      if (run !== this.#run) return
      const rows = new Map(page.items.map((row) => [row.id, row]))
      this.known.value = new Map([...rows, ...this.known.value])
      this.#take(page)
    } catch {
      // The button stays; pressing it asks again.
    } finally {
      if (run === this.#run) this.loading.value = false
    }
  }

  upsert(row: Row): void {
    this.#tell(row.id, row)
  }

  remove(id: string): void {
    this.#tell(id, null)
  }

  /** Somebody looked into it just now; the service's own word follows. */
  markRead(id: string): void {
    const row = this.known.value.get(id)
    if (row && row.unread > 0) this.upsert({ ...row, unread: 0 })
  }

  clear(): void {
    this.#run += 1
    this.known.value = new Map()
    this.next.value = null
    this.view.value = 'queue'
  }

  #tell(id: string, row: Row | null): void {
    this.#news?.set(id, row)
    const rows = new Map(this.known.value)
    put(rows, id, row)
    this.known.value = rows
  }

  #take({ counts, next, now }: RowPage): void {
    this.counts.value = counts
    this.next.value = next ?? null
    if (now) this.onTime(now)
  }
}

function put(rows: Map<string, Row>, id: string, row: Row | null): void {
  if (row) rows.set(id, row)
  else rows.delete(id)
}
