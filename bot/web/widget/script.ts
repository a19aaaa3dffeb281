/** The tag that brought this script, known only while it runs for the first time. */
export const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null
