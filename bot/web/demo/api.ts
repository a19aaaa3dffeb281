/** The demo shop's own endpoints. Money is a decimal string in yuan, an instant an ISO string. */

export interface Product {
  sku: string
  name: string
  price: string
  /** The usual price; above `price` while an activity runs. */
  list_price: string | null
  activity_until: string | null
  category: string
  stock: number
  /** When there is stock again, where there is none. */
  restock_at: string | null
  /** Of goods sold before they are there. */
  ships_at: string | null
  colors: string[]
  sizes: string[]
  gifts: string[]
  no_reason: 'always' | 'unopened' | 'never'
  traits: string[]
  parts: Record<string, number>
  warranty_days: number | null
  shelf_life: string
  material: string
  capacity: string
}

export interface Customer {
  id: string
  name: string
  level: string
}

export interface Shop {
  shop: { name: string }
  products: Product[]
  customers: Customer[]
}

export interface OrderItem {
  sku: string
  name: string
  quantity: number
  options: string[]
}

export interface Order {
  order_no: string
  status: 'unpaid' | 'paid' | 'shipped' | 'signed' | 'closed'
  paid: string
  items: OrderItem[]
  gifts: string[]
  parcels: { courier: string; tracking: string }[]
  date: string
}

async function request<T>(path: string, body?: object): Promise<T> {
  const response = await fetch(path, {
    method: body ? 'POST' : 'GET',
    ...(body ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {}),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return (response.status === 204 ? undefined : await response.json()) as T
}

export const fetchShop = (): Promise<Shop> => request('/demo/shop')
export const fetchOrders = async (customerId: string): Promise<Order[]> =>
  (await request<{ orders: Order[] }>(`/demo/orders/${encodeURIComponent(customerId)}`)).orders
export const fetchIdentity = async (customerId: string): Promise<string> =>
  (await request<{ token: string }>('/demo/identity', { customer_id: customerId })).token
export const resetDemo = (): Promise<unknown> => request('/demo/reset', {})
