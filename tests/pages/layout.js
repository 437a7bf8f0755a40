// SPDX-License-Identifier: Apache-2.0
// What is wrong with the page as it is laid out, as sentences; the browser evaluates it, the page itself
// has no script.
(() => {
  const faults = [];
  const width = document.documentElement.clientWidth;
  const named = (element) => `${element.tagName} '${element.textContent.trim().slice(0, 40)}'`;
  const is_shown = (element) => element.getClientRects().length > 0;
  const moves = (element) => element.closest('div.table') !== null;

  if (document.documentElement.scrollWidth > width) {
    faults.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${width}`);
  }
  for (const element of document.body.querySelectorAll('*')) {
    const box = element.getBoundingClientRect();
    const may_move = width < 600 && moves(element);
    if (is_shown(element) && !may_move && (box.right > width + 1 || box.left < -1)) {
      faults.push(`${named(element)} goes from ${box.left} to ${box.right} in a window of ${width}`);
    }
  }

  // Colours are compared as WCAG 2.2 does it: 4.5 to 1 is the least for text.
  const channels = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map(Number);
  const light_of = (colour) => {
    const [r, g, b] = channels(colour).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const page = light_of(getComputedStyle(document.body).backgroundColor);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const labels = new Map();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === '' || !is_shown(element)) {
      continue;
    }
    const style = getComputedStyle(element);
    const is_drawn = element instanceof SVGElement;
    const own = light_of(is_drawn ? style.fill : style.color);
    const contrast = (Math.max(own, page) + 0.05) / (Math.min(own, page) + 0.05);
    if (contrast < 4.5) {
      faults.push(`${named(element)} has a contrast of ${contrast.toFixed(1)} to the page`);
    }
    const scale = is_drawn ? Math.hypot(element.getScreenCTM().a, element.getScreenCTM().b) : 1;
    const size = parseFloat(style.fontSize) * scale;
    if (size < 9) {
      faults.push(`the letters of ${named(element)} are ${size.toFixed(1)} pixels high`);
    }
    if (is_drawn) {
      const chart = element.ownerSVGElement;
      labels.set(chart, [...(labels.get(chart) ?? []), element]);
    }
  }

  for (const [chart, texts] of labels) {
    const frame = chart.getBoundingClientRect();
    const boxes = texts.map((text) => text.getBoundingClientRect());
    boxes.forEach((box, i) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1 ||
          box.top < frame.top - 1) {
        faults.push(`the label ${named(texts[i])} is cut`);
      }
      boxes.slice(i + 1).forEach((other, j) => {
        if (box.left < other.right && other.left < box.right && box.top < other.bottom &&
            other.top < box.bottom) {
          faults.push(`the label ${named(texts[i])} lies on ${named(texts[i + 1 + j])}`);
        }
      });
    });
  }
  if (labels.size === 0) {
    faults.push('no chart is shown');
  }
  return faults;
})()
