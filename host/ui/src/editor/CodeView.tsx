// Code that is read and not changed, without the weight of an editor.
interface Props {
  code: string;
  label: string;
  height?: number;
  isWrapped?: boolean;
}

export function CodeView({ code, label, height, isWrapped = false }: Props) {
  return (
    <section
      className={isWrapped ? 'code wrapped' : 'code'}
      style={{ maxHeight: height }}
      tabIndex={0}
      aria-label={label}
    >
      {code}
    </section>
  );
}
