const form = document.getElementById("form"), token = document.getElementById("token"), told = document.getElementById("told");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch("/api/v1/session", { method: "POST", headers: { Authorization: `Bearer ${token.value.trim()}` } }).catch(() => null);
  if (answer?.ok) location.assign("/");
  else told.textContent = (await answer?.json().catch(() => null))?.detail ?? "The controller does not answer.";
});
token.focus();
