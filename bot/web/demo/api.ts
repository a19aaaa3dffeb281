/** The demo shop's own endpoints. Money is a decimal string in yuan. */

export interface Product {
  sku: string
  name: string
  price: string
  /** The usual price; above `price` while an activity runs. */
  list_price: string | null
  category: string | null
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

export interface Order {
  order_no: string
  status: string
  paid: string
  items: { name: string; quantity: number }[]
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
