// The `document` that the seed's JavaScript example writes into, where there is no browser: it prints what is shown.
globalThis.document = {
  getElementById: (id) => ({ appendChild: (element) => console.log(`#${id} shows ${element.innerHTML.trim().replace(/\s+/g, ' ')}`) }),
  createElement: () => ({ innerHTML: '' }),
};
