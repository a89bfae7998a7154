namespace Deploy.Tui.Keys;

/// <summary>What follows an Esc.</summary>
internal sealed partial class KeyDecoder
{
    private void AfterEscape(byte one)
    {
        switch (one)
        {
            case EscapeByte:
                Press(KeyName.Escape); // the first one; the second may start a sequence
                break;
            case (byte)'[':
                Start(State.Csi);
                break;
            case (byte)'O':
                Start(State.Ss3);
                break;
            case (byte)']' or (byte)'P' or (byte)'^' or (byte)'_' or (byte)'X': // OSC, DCS, PM, APC, SOS
                state = State.Text;
                break;
            default:
                state = State.Ground;
                Press(KeyName.Escape);
                OnGround(one);
                break;
        }
    }

    private void Start(State sequence)
    {
        parameters.Clear();
        state = sequence;
    }

    private void InSequence(byte one)
    {
        switch (one)
        {
            case EscapeByte:
                state = State.Escape;
                break;
            case < 0x20 or >= 0x7F:
                state = State.Ground; // no sequence has these: it was cut off, and this is a key
                OnGround(one);
                break;
            case < 0x40:
                if (parameters.Count <= MostParameters)
                {
                    parameters.Add(one);
                }

                break;
            default:
                var which = state;
                state = State.Ground;
                Finish(which, one);
                break;
        }
    }

    private void Finish(State which, byte final)
    {
        bool isCsi = which == State.Csi;
        if (isCsi && parameters.Count == 0 && final is (byte)'[' or (byte)'M')
        {
            // Function keys of the Linux console have one byte more; a mouse, left on by a program that crashed, three.
            (state, skips) = (State.Skip, final == (byte)'[' ? 1 : 3);
            return;
        }

        if (parameters.Count > MostParameters || parameters.Exists(one => one is < (byte)'0' or > (byte)';' or (byte)':'))
        {
            return;
        }

        KeyName? key = final switch
        {
            (byte)'A' => KeyName.Up,
            (byte)'B' => KeyName.Down,
            (byte)'C' => KeyName.Right,
            (byte)'D' => KeyName.Left,
            (byte)'H' => KeyName.Home,
            (byte)'F' => KeyName.End,
            (byte)'Z' when isCsi => KeyName.BackTab,
            (byte)'M' when !isCsi => KeyName.Enter, // of the keypad
            (byte)'~' when isCsi => Numbered(),
            _ => null,
        };
        if (key is { } name)
        {
            Press(name);
        }
    }

    /// <summary>The key of <c>CSI number ~</c>; the number before the first semicolon.</summary>
    private KeyName? Numbered()
    {
        int number = 0;
        foreach (byte digit in parameters.TakeWhile(one => one != (byte)';'))
        {
            number = Math.Min((number * 10) + digit - '0', 1000);
        }

        if (number == 200)
        {
            (paste, state) = (new PasteText(), State.Paste);
        }

        return number switch
        {
            1 or 7 => KeyName.Home,
            3 => KeyName.Delete,
            4 or 8 => KeyName.End,
            5 => KeyName.PageUp,
            6 => KeyName.PageDown,
            _ => null,
        };
    }

    private void InText(byte one) => state = (state, one) switch
    {
        (_, 0x07 or 0x18 or 0x1A) => State.Ground, // BEL ends it, CAN and SUB break it off
        (_, EscapeByte) => State.TextEscape,
        (State.TextEscape, _) => State.Ground, // ESC \ is ST; with another byte it was cut off
        _ => State.Text,
    };
}
