import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

const PRODUCT = /^#\/product\/([\w-]+)$/

const skuOf = (hash: string): string | null => PRODUCT.exec(hash)?.[1] ?? null

export const productLink = (sku: string): string => `#/product/${sku}`

/** The sku of the product that the address names, or null; follows the browser's back and forward. */
export function useProductRoute(): Ref<string | null> {
  const sku = ref(skuOf(location.hash))
  const follow = (): void => {
    sku.value = skuOf(location.hash)
  }
  onMounted(() => {
    addEventListener('hashchange', follow)
  })
  onBeforeUnmount(() => {
    removeEventListener('hashchange', follow)
  })
  return sku
}
