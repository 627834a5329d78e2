/*
 * Says in the header of a block whom it is for, while one chooses.
 *
 * The header of a folded block and the minimap show a text that Wagtail asks the block
 * for: “Only Having a child: Apply for a place”. Two things are mended here. Wagtail joins
 * the mode with all names, so that “Everyone” would name those who are still ticked. And
 * it renews the text when a block is folded, not when one ticks.
 */
(() => {
  const { StructBlockDefinition } = window.wagtailStreamField.blocks;
  const EVERYONE = 'everyone';
  const ONLY = 'only';

  /** Write the headers of all blocks around a field anew, and the minimap from them. */
  function renewHeaders(field) {
    let panel = field.closest('[data-panel]');
    while (panel) {
      // Wagtail’s own listeners on the button ask the block for its text again.
      panel
        .querySelector('[data-panel-toggle]')
        ?.dispatchEvent(new CustomEvent('wagtail:panel-toggle'));
      panel = panel.parentElement?.closest('[data-panel]');
    }
    field.dispatchEvent(new CustomEvent('wagtail:panel-init', { bubbles: true }));
  }

  function textOf(block, options) {
    const { mode, ...named } = block.childBlocks;
    const texts = [mode.getTextLabel()];
    if (mode.getValue() !== EVERYONE) {
      texts.push(...Object.values(named).map((child) => child.getTextLabel()));
    }
    const text = texts.filter(Boolean).join(' ');
    const longest = options?.maxLength;
    return longest && text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
  }

  class AudienceBlockDefinition extends StructBlockDefinition {
    render(placeholder, prefix, initialState, initialError) {
      const block = super.render(placeholder, prefix, initialState, initialError);
      block.getTextLabel = (options) => textOf(block, options);
      // Its own header, where it is folded, asks the layout (Wagtail 7.4 and later).
      if (block.layout) block.layout.getTextLabel = block.getTextLabel;
      const mode = document.getElementById(`${prefix}-mode`);
      const panel = mode?.closest('[data-panel]');
      panel?.addEventListener('change', ({ target }) => {
        // Whoever ticks somebody means them: “Everyone” would forget the ticks.
        if (target.checked && mode.value === EVERYONE) mode.value = ONLY;
        renewHeaders(mode);
      });
      return block;
    }
  }

  window.telepath.register('medborgare.AudienceBlock', AudienceBlockDefinition);
})();
