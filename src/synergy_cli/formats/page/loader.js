// Unpacks the payload: a line of data, then the scripts, which the page's security policy names by hash.

const data = document.getElementById("_data");
if (globalThis.DecompressionStream) {
  const bytes = Uint8Array.from(atob(data.textContent), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const text = await new Response(stream).text();
  const end = text.indexOf("\n");
  data.textContent = text.slice(0, end);
  const script = document.createElement("script");
  script.type = "module";
  script.textContent = text.slice(end + 1);
  document.head.append(script);
} else {
  document.getElementById("_old").hidden = false;
}
