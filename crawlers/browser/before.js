// Runs before the scripts of a page: what would open, ask, print or connect past us does nothing.
(() => {
  const nothing = () => undefined;
  for (const name of ["alert", "print", "find", "stop"]) { try { window[name] = nothing; } catch { } }
  try { window.confirm = () => false; window.prompt = () => null; window.open = () => null; } catch { }
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "WebTransport", "SharedWorker"]) {
    try { delete window[name]; Object.defineProperty(window, name, { value: undefined, configurable: false }); } catch { }
  }
})();
