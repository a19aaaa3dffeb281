import { computed, reactive } from 'vue'
import type { Attachment } from '../protocol'
import { newClientId } from './client-id'
import { sniff } from './sniff'

const MIB = 1024 * 1024
/** Files in one message, and how many of them travel at the same time. */
export const MAX_FILES = 9
export const AT_ONCE = 3

export type UploadProblem = 'type' | 'size' | 'count' | 'busy' | 'failed'

export interface Upload {
  key: string
  file: File
  type: string
  /** `blob:` address of the file on this device. */
  preview: string
  state: 'waiting' | 'uploading' | 'done' | 'failed'
  /** Percent. */
  progress: number
  attachment: Attachment | null
}

interface UploadTarget {
  server: () => string
  bearer: () => string | null
  /** What the file shall be called, null for its own name. */
  name: (file: File) => string | null
}

/** Bytes of one file of this type; the service refuses larger ones. */
export const maxBytes = (type: string): number => (type.startsWith('image/') ? 8 : 20) * MIB

function problemOfStatus(status: number): UploadProblem {
  if (status === 413) return 'size'
  if (status === 429) return 'busy'
  return status === 400 || status === 415 ? 'type' : 'failed'
}

/** The files that wait above the input line. They are uploaded at once and travel with the next message. */
export class UploadTray {
  private readonly state = reactive({ items: [] as Upload[], problem: null as UploadProblem | null, limit: 0 })
  private readonly requests = new Map<string, XMLHttpRequest>()
  readonly ready = computed(() => this.items.every((item) => item.state === 'done'))

  constructor(private readonly target: UploadTarget) {}

  get items(): readonly Upload[] {
    return this.state.items
  }

  /** Why the last choice or upload did not work, and the limit that it broke. */
  get problem(): UploadProblem | null {
    return this.state.problem
  }

  get limit(): number {
    return this.state.limit
  }

  async add(files: Iterable<File>): Promise<void> {
    this.state.problem = null
    for (const file of [...files]) {
      const type = await sniff(file).catch(() => null)
      if (type === null) this.complain('type')
      else if (file.size > maxBytes(type)) this.complain('size', maxBytes(type) / MIB)
      else if (this.items.length >= MAX_FILES) this.complain('count', MAX_FILES)
      else {
        const preview = URL.createObjectURL(file)
        this.state.items.push({ key: newClientId(), file, type, preview, state: 'waiting', progress: 0, attachment: null })
        this.next()
      }
    }
  }

  retry(key: string): void {
    const item = this.state.items.find((candidate) => candidate.key === key)
    if (!item) return
    this.state.problem = null
    item.state = 'waiting'
    item.progress = 0
    this.next()
  }

  /** Takes a file out; one that is on its way is called back. */
  remove(key: string): void {
    const item = this.items.find((candidate) => candidate.key === key)
    if (!item) return
    this.requests.get(key)?.abort()
    URL.revokeObjectURL(item.preview)
    this.state.items = this.state.items.filter((candidate) => candidate.key !== key)
    this.state.problem = null
    this.next()
  }

  /** Empties the tray into a message; the previews stay valid, since the message shows them until its echo. */
  take(): Attachment[] {
    const attachments = this.items.flatMap(({ attachment, preview }) =>
      attachment ? [{ ...attachment, url: preview }] : [],
    )
    this.state.items = []
    return attachments
  }

  clear(): void {
    for (const { key } of [...this.items]) this.remove(key)
    this.state.problem = null
  }

  private complain(problem: UploadProblem, limit = 0): void {
    Object.assign(this.state, { problem, limit })
  }

  private next(): void {
    if (this.items.filter(({ state }) => state === 'uploading').length >= AT_ONCE) return
    const item = this.state.items.find(({ state }) => state === 'waiting')
    if (item) this.upload(item)
  }

  /** XMLHttpRequest, because fetch tells no upload progress. */
  private upload(item: Upload): void {
    const request = new XMLHttpRequest()
    this.requests.set(item.key, request)
    const end = (state: 'done' | 'failed', problem?: UploadProblem) => {
      item.state = state
      if (problem) this.complain(problem, maxBytes(item.type) / MIB)
      this.next()
    }
    item.state = 'uploading'
    request.open('POST', `${this.target.server()}/api/v1/uploads`)
    request.responseType = 'json'
    const bearer = this.target.bearer()
    if (bearer) request.setRequestHeader('Authorization', `Bearer ${bearer}`)
    request.upload.onprogress = ({ loaded, total }) => (item.progress = Math.floor((100 * loaded) / total))
    request.onerror = () => {
      end('failed', 'failed')
    }
    request.onload = () => {
      item.attachment = request.status === 201 ? (request.response as Attachment | null) : null
      if (item.attachment) end('done')
      else end('failed', problemOfStatus(request.status))
    }
    const body = new FormData()
    const name = this.target.name(item.file)
    if (name) body.append('name', name)
    body.append('file', item.file)
    request.send(body)
  }
}
