/*
 * The panel “Who sees this” asks anew while it is open and the form has changed.
 * Without script it tells how things were when the form was opened.
 */
(() => {
  const WAIT = 1000; // Milliseconds after the last change.
  const UNPROCESSABLE = 422;
  const FORM = 'form[data-edit-form]';

  class WhoSeesController extends window.StimulusModule.Controller {
    static targets = ['answer', 'status', 'invalid', 'unreachable'];

    static values = { url: String };

    connect() {
      this.form = document.querySelector(FORM);
      this.panel = this.element.closest('[data-side-panel]');
      this.hasChanged = false;
      this.askIfOpen = this.askIfOpen.bind(this);
      this.panel?.addEventListener('show', this.askIfOpen);
    }

    disconnect() {
      clearTimeout(this.timer);
      this.request?.abort();
      this.panel?.removeEventListener('show', this.askIfOpen);
    }

    formChanged(event) {
      const isOurs = event.type === 'w-unsaved:add' || this.form?.contains(event.target);
      if (!isOurs) return;
      this.hasChanged = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(this.askIfOpen, WAIT);
    }

    askIfOpen() {
      if (this.hasChanged && this.form && !this.panel?.hidden) this.ask();
    }

    async ask() {
      this.request?.abort();
      const request = new AbortController();
      this.request = request;
      this.hasChanged = false;
      try {
        const response = await fetch(this.urlValue, {
          method: 'POST',
          headers: {
            [window.wagtailConfig.CSRF_HEADER_NAME]: window.wagtailConfig.CSRF_TOKEN,
          },
          body: this.fields(),
          signal: request.signal,
        });
        if (response.ok) this.show(await response.text());
        const isInvalid = response.status === UNPROCESSABLE;
        this.explain({ isInvalid, isUnreachable: !response.ok && !isInvalid });
      } catch (error) {
        if (error.name === 'AbortError') return;
        this.hasChanged = true;
        this.explain({ isInvalid: false, isUnreachable: true });
      }
    }

    explain({ isInvalid, isUnreachable }) {
      this.invalidTarget.hidden = !isInvalid;
      this.unreachableTarget.hidden = !isUnreachable;
    }

    /** The fields of the form; files are of no concern here. */
    fields() {
      const fields = [...new FormData(this.form)];
      return new URLSearchParams(fields.filter(([, value]) => !(value instanceof File)));
    }

    show(html) {
      if (html === this.shown) return;
      const isOpen = this.answerTarget.querySelector('details')?.open;
      this.answerTarget.innerHTML = html;
      const details = this.answerTarget.querySelector('details');
      if (details) details.open = Boolean(isOpen);
      this.count(Number(this.answerTarget.querySelector('[data-unseen]').dataset.unseen));
      this.statusTarget.textContent = '';
      this.statusTarget.textContent = this.statusTarget.dataset.text;
      this.shown = html;
    }

    /** How many blocks nobody sees, on the button of the panel. */
    count(unseen) {
      const name = this.panel?.dataset.sidePanel;
      const counter = document.querySelector(
        `[data-side-panel-toggle="${name}"] [data-side-panel-toggle-counter]`,
      );
      if (!counter) return;
      counter.textContent = unseen;
      counter.hidden = unseen === 0;
    }
  }

  window.wagtail.app.register('mb-who-sees', WhoSeesController);
})();
