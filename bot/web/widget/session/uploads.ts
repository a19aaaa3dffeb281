import { computed, reactive } from 'vue'
import type { Attachment } from '../protocol'
import { newClientId } from './client-id'

/** Bytes; the service refuses larger ones. */
export const MAX_BYTES = 8 * 1024 * 1024
export const MAX_PICTURES = 9

export type UploadProblem = 'type' | 'size' | 'count' | 'busy' | 'failed'

export interface Upload {
  key: string
  file: File
  /** `blob:` address of the picture on this device. */
  preview: string
  state: 'uploading' | 'done' | 'failed'
  /** Percent. */
  progress: number
  attachment: Attachment | null
}

interface UploadTarget {
  server: () => string
  bearer: () => string | null
}

/** What speaks against a file before anything is sent, null when it may be uploaded. */
export function checkPicture(file: Pick<File, 'type' | 'size'>): UploadProblem | null {
  if (!file.type.startsWith('image/')) return 'type'
  return file.size > MAX_BYTES ? 'size' : null
}

function problemOfStatus(status: number): UploadProblem {
  if (status === 413) return 'size'
  if (status === 429) return 'busy'
  return status === 400 || status === 415 ? 'type' : 'failed'
}

/** The pictures that wait above the input line. They are uploaded at once and travel with the next message. */
export class UploadTray {
  readonly #state = reactive({ items: [] as Upload[], problem: null as UploadProblem | null })
  readonly #requests = new Map<string, XMLHttpRequest>()
  readonly #target: UploadTarget
  readonly ready = computed(() => this.items.every((item) => item.state === 'done'))

  constructor(target: UploadTarget) {
    this.#target = target
  }

  get items(): readonly Upload[] {
    return this.#state.items
  }

  /** Why the last choice or upload did not work. */
  get problem(): UploadProblem | null {
    return this.#state.problem
  }

  add(files: Iterable<File>): void {
    this.#state.problem = null
    for (const file of files) {
      const problem = this.items.length >= MAX_PICTURES ? 'count' : checkPicture(file)
      if (problem) {
        this.#state.problem = problem
        continue
      }
      const key = newClientId()
      const preview = URL.createObjectURL(file)
      this.#state.items.push({ key, file, preview, state: 'uploading', progress: 0, attachment: null })
      this.retry(key)
    }
  }

  retry(key: string): void {
    const item = this.#state.items.find((candidate) => candidate.key === key)
    if (!item) return
    this.#state.problem = null
    item.state = 'uploading'
    item.progress = 0
    this.#upload(item)
  }

  remove(key: string): void {
    const item = this.items.find((candidate) => candidate.key === key)
    if (!item) return
    this.#requests.get(key)?.abort()
    this.#requests.delete(key)
    URL.revokeObjectURL(item.preview)
    this.#state.items = this.#state.items.filter((candidate) => candidate.key !== key)
  }

  /** Empties the tray into a message; the previews stay valid, since the message shows them until its echo. */
  take(): Attachment[] {
    const attachments = this.items.flatMap(({ attachment, preview }) =>
      attachment ? [{ ...attachment, url: preview }] : [],
    )
    this.#state.items = []
    return attachments
  }

  clear(): void {
    for (const { key } of [...this.items]) this.remove(key)
    this.#state.problem = null
  }

  /** XMLHttpRequest, because fetch tells no upload progress. */
  #upload(item: Upload): void {
    const request = new XMLHttpRequest()
    this.#requests.set(item.key, request)
    const fail = (problem: UploadProblem) => {
      item.state = 'failed'
      this.#state.problem = problem
    }
    request.open('POST', `${this.#target.server()}/api/v1/uploads`)
    request.responseType = 'json'
    const bearer = this.#target.bearer()
    if (bearer) request.setRequestHeader('Authorization', `Bearer ${bearer}`)
    request.upload.onprogress = ({ loaded, total }) => (item.progress = Math.floor((100 * loaded) / total))
    request.onerror = () => {
      fail('failed')
    }
    request.onload = () => {
      const attachment = request.response as Attachment | null
      if (request.status !== 201 || !attachment) {
        fail(problemOfStatus(request.status))
        return
      }
      item.attachment = attachment
      item.state = 'done'
    }
    const body = new FormData()
    body.append('file', item.file)
    request.send(body)
  }
}
