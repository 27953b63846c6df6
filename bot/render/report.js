"use strict";
document.addEventListener("change", (event) => {
  if (event.target.classList.contains("tick")) event.target.toggleAttribute("checked", event.target.checked);
});
const saved = document.querySelector(".save");
saved.hidden = false;
saved.querySelector("button").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`<!DOCTYPE html>\n${document.documentElement.outerHTML}`], { type: "text/html" }));
  link.download = decodeURIComponent(location.pathname.split("/").pop()) || "report.html";
  link.click();
});
